"""What moves satisfaction and loyalty."""
