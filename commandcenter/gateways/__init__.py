"""The doors outward, each real or recording: SMS, push; and the contract of who reads what comes in. Imports outbox."""
