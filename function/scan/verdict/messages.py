"""What is said of each reason to doubt a count or a type.

A message says what was seen, what was made of it, and last what to type, or to change in the file, if that is
wrong. The words to type are those of `function.domain.instructions`; `find_warnings` fills the braces.
"""

from function.domain.findings import Finding

MESSAGES = {
    Finding.WIDE_PREAMBLE: "This line has several fields and stands above the header; it was taken for a "
    "title or a note and not counted. If it is a record, move it below the header.",
    Finding.SECOND_HEADER: "Lines below the header have names, units or dashes and no values; they were "
    "not counted. If every line is a record, the first one too: csv-header=false",
    Finding.ODD_FIRST_RECORD: "The first record has words in columns that otherwise have numbers or times; "
    "it was counted as a record. {first_record}",
    Finding.FREE_TEXT: "No delimiter was found, and the lines read like prose, code or settings; each was "
    "counted. If it is a table: csv-delimiter=...; if it is one column: csv-header=true or csv-header=false.",
    Finding.NOTE: "A line of a single field stands among the records; it was counted. If it is a note or the "
    "foot of a page, remove it.",
    Finding.UNSURE_DIALECT: "Fields were separated at {delimiter}, but another delimiter fits nearly as "
    "well, or fewer than half of the records have the same number of fields. If it is wrong: "
    "csv-delimiter=... (the character, or comma, semicolon, tab, pipe, space, colon)",
    Finding.TOTAL: "The last record looks like a total of the others; it was counted as a record. If it is "
    "a total, the file has one record fewer.",
    Finding.TRAILER: "The last records have fewer fields, or words where the column has values, and may be a "
    "note or a trailer; they were counted as records. If they are a note, put a blank line above them.",
    Finding.UNCLOSED_QUOTE: "A quote is opened here and never closed; the record was taken to end with its "
    "line. Close the quote; {quotes_off}",
    Finding.COMMENTED_RECORD: "This line starts like a comment, but has as many fields as a record; it was "
    "not counted. If it is a record, put its first field in quotes.",
    Finding.ODD_QUOTE: "This record has another number of fields than the table and an odd number of "
    "quotes, so it may continue on the next line; it was taken to end with its line. Close the quote; "
    "{quotes_off}",
    Finding.BROKEN_RECORD: "Two records in a row have too few fields and may be one, broken by a line end; "
    "both were counted. If they are one, put the field that has the line end in quotes.",
    Finding.OTHER_SHAPE: "Five or more records in a row have another number of fields than the table "
    "({widths}); they were counted. If another table begins here, upload each table as a file of its own; "
    "if the fields are not separated at {delimiter}: csv-delimiter=...",
    Finding.SWALLOWED_LINES: "A quoted field has lines in it that look like records; all of it was counted "
    "as one record. If a quote is missing or too many, correct it; {quotes_off}",
    Finding.PADDED_QUOTE: "A quoted field over several lines has blanks before its first quote; it was "
    "read as one field. Other readers may break it: remove the blanks; {quotes_off}",
    Finding.BINARY: "Records of control characters are no text; they were not counted. Export the file "
    "again; if it is not in {encoding}: csv-encoding=...",
    Finding.BYTE_ORDER_MARK: "A byte order mark stands inside the text, as where two files were joined; "
    "what follows was read as part of the table. If two files were joined, upload each on its own.",
    Finding.MIXED_ENCODING: "A part of the file is in another encoding than the rest, {encoding}; it was "
    "read in that of the rest. Save all of the file as UTF-8.",
    Finding.TRAILING_BYTES: "Bytes follow the end of the compressed data; they were left out, as gunzip "
    "does. If they belong to the file, compress it again.",
    Finding.OTHER_FILES: "The zip has other files beside the table; only the table was read. If another "
    "one is meant, upload it on its own.",
    Finding.REPLACED_BYTES: "Bytes that do not exist in {encoding} were replaced by U+FFFD; a delimiter or "
    "line end may be lost with them. If the encoding is another one: csv-encoding=... (e.g. utf-8, "
    "cp1252)",
    Finding.REPEATED_HEADER: "The header stands again among the records; it was counted as a record each "
    "time. Remove it; if it is a record in both places: csv-header=false",
    Finding.OTHER_TABLE: "Another table follows behind a blank line ({tables}); it was not counted. Upload "
    "each table as a file of its own.",
    Finding.AMBIGUOUS_DATE: "Day and month cannot be told apart, as no value of them is above 12: {dates}. "
    "The count is not in doubt. If it is wrong, write dates as YYYY-MM-DD.",
    Finding.AMBIGUOUS_NUMBER: "A mark before three digits may separate thousands or decimals: {numbers}. "
    "The count is not in doubt. If it is wrong, write numbers without thousands separators and with a "
    "decimal point.",
}
