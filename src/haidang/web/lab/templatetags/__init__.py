"""What the laboratory's templates say."""
