"""Long work, done beside the requests with progress, cancelling and files (任务)."""
