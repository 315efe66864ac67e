"""What people see in a browser, with and without a network."""
