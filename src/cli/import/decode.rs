//! The encoding of a text file: UTF-8 with or without a mark, or GB 18030, as Excel writes it on Chinese Windows.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, GB18030, UTF_8};
use rust_i18n::t;

use super::super::failure::Failure;
use super::super::output;

const BLOCK: usize = 64 * 1024;

/// Opens a text file as UTF-8. The whole file is looked at once beforehand, for a part of it proves nothing.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if whole_file_is(path, UTF_8.new_decoder_without_bom_handling())? {
        let mut file = BufReader::with_capacity(BLOCK, File::open(path)?);
        skip_mark(&mut file)?;
        return Ok(Box::new(file));
    }
    if whole_file_is(path, GB18030.new_decoder_without_bom_handling())? {
        output::complain(&t!("cli.import.gbk"));
        let decoder = GB18030.new_decoder_without_bom_handling();
        return Ok(Box::new(Decoding {
            file: File::open(path)?,
            decoder,
            text: Vec::new(),
            at: 0,
            ended: false,
        }));
    }
    Err(Failure::refused("import_encoding", t!("cli.import.encoding")))
}

fn skip_mark(file: &mut BufReader<File>) -> io::Result<()> {
    use std::io::BufRead as _;
    if file.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    Ok(())
}

fn whole_file_is(path: &Path, mut decoder: Decoder) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let (mut block, mut text) = (vec![0; BLOCK], vec![0; BLOCK * 3 + 16]);
    loop {
        let read = file.read(&mut block)?;
        let (result, _, _) = decoder.decode_to_utf8_without_replacement(&block[..read], &mut text, read == 0);
        if matches!(result, encoding_rs::DecoderResult::Malformed(..)) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// A file decoded block by block.
struct Decoding {
    file: File,
    decoder: Decoder,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Decoding {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            let mut block = vec![0; BLOCK];
            let read = self.file.read(&mut block)?;
            self.ended = read == 0;
            self.text.resize(BLOCK * 3 + 16, 0);
            let (result, _, written, _) =
                self.decoder.decode_to_utf8(&block[..read], &mut self.text, self.ended);
            if result == CoderResult::OutputFull {
                return Err(io::Error::other("the decoder asks for more room than it said"));
            }
            self.text.truncate(written);
            self.at = 0;
        }
        let count = into.len().min(self.text.len() - self.at);
        into[..count].copy_from_slice(&self.text[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_read_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let text = "标题,内容\n".repeat(40_000);
        let (gbk, _, _) = GB18030.encode(&text);
        for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &gbk] {
            std::fs::write(&path, bytes).unwrap();
            let mut read = String::new();
            open(&path).unwrap().read_to_string(&mut read).unwrap();
            assert!(read == text);
        }
        std::fs::write(&path, b"a,b\n\xff\xfe\xff,\xff").unwrap();
        assert!(matches!(open(&path), Err(Failure::Refused(_))));
    }
}
