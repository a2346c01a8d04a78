"""What comes in from gateways: messages as rows, who took them, and receipts. Imports gateways and below."""
