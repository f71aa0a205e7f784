"""The whole job, beside handlers that others might have written: cold, warm, and under a quota."""
