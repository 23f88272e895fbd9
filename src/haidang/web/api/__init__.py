"""The interface for programs: what the pages show, typed, by tokens with scopes; and messages to other servers."""
