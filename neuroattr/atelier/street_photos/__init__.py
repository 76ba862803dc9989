"""atelier-street: generated street photos of people who wear several things at once, with tags, masks and boxes."""
