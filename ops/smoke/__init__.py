"""`pipeline smoke`: process one small file with a deployed stack, check every output, remove all."""
