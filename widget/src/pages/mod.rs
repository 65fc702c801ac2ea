//! Pages: what stands where.

pub mod overview;
