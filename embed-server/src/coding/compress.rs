//! The compressors. Their levels were measured; see ADR 0015.

use std::io::{self, Write};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use super::Coding;

const BROTLI: i32 = 5;
const GZIP: u32 = 4;

/// All of `bytes`, in that coding.
pub fn whole(bytes: &[u8], coding: Coding) -> io::Result<Vec<u8>> {
    match coding {
        Coding::Brotli => {
            let parameters = BrotliEncoderParams {
                quality: BROTLI,
                size_hint: bytes.len(),
                ..BrotliEncoderParams::default()
            };
            let mut compressed = Vec::new();
            brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
            Ok(compressed)
        }
        Coding::Gzip => Gzip::default().last(bytes),
        Coding::Identity => Ok(bytes.to_vec()),
    }
}

/// Compresses what is made while it is sent. All that went in has come out again:
/// what a client waits for does not wait for what comes after it.
pub struct Gzip(GzEncoder<Vec<u8>>);

impl Default for Gzip {
    fn default() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::new(GZIP)))
    }
}

impl Gzip {
    /// What to send for the next of the bytes.
    pub fn next(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.write_all(bytes)?;
        self.0.flush()?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    /// What to send for the last of the bytes.
    pub fn last(mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.write_all(bytes)?;
        self.0.finish()
    }
}
