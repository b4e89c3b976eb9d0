"""What both editions do over HTTP in the same way: errors, pictures, health and metrics."""
