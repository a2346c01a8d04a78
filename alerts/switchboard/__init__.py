"""The doors to the hotline: intake on one screen, the call-back list, the telephone exchange. Imports hotline."""
