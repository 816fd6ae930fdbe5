"""What people type about seminars. One journey a file."""
