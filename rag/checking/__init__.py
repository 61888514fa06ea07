"""Does cited evidence support a claim? By a trained model, and by rules that name what is wrong."""
