"""What people are told of a file: the message, and the words that report.html shares with it. Pure.

subject and body (`compose`)  <-  findings, next_steps, text
"""

from function.domain.message.compose import message

__all__ = ["message"]
