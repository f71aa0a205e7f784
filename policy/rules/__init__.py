"""The rules, one module for each subject; `rule` says what a rule is."""
