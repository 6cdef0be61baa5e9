//! The city profile as the server serves it (`GET /v1/profile`, with an ETag).
