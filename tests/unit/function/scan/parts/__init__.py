"""Parts of a file that are read by themselves give what reading it in one piece gives."""
