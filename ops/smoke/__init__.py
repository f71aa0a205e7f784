"""`pipeline smoke`: one small file through a deployed stack, every trace of it checked and then removed."""
