"""The order of the steps, with services kept in memory."""
