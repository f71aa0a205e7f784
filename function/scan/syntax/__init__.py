"""The grammar of one dialect: fields, quotes, line ends, comments."""
