"""The workflows of GitHub Actions, and the scripts that they call."""
