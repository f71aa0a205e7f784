"""What an operator, or the schedule, has the function do."""
