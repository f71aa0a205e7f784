"""Values and texts of the pipeline, without any service: events, verdicts, results, messages, errors."""
