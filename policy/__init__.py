"""The rules that every resource of the stack is held to, as a Pulumi policy pack."""
