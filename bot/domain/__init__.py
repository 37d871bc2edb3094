"""What Offerdesk is about, without any input or output."""
