"""What can be done with accounts, devices and grants, one noun a file (账户服务)."""
