//! Something that is read from the server, and what came back.

use std::rc::Rc;

use crate::error::{ApiError, ErrorKind};

/// What came back for a read.
pub type Answer<T> = Result<Rc<T>, ApiError>;

/// A read that the state asks for: where, and which try it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub path: String,
    pub attempt: u32,
}

/// Something that is read from the server.
#[derive(Debug)]
pub struct Remote<T> {
    /// The latest answer; kept while the next one is on its way.
    pub value: Option<Rc<T>>,
    pub error: Option<ApiError>,
    /// The viewer waits for an answer.
    pub loading: bool,
    /// An answer is on its way, whether or not anybody waits.
    is_awaited: bool,
    /// Counts tries of the same path, so that each is a read of its own.
    pub attempt: u32,
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            error: self.error.clone(),
            ..*self
        }
    }
}

impl<T> Remote<T> {
    pub const fn new(loading: bool) -> Self {
        Self {
            value: None,
            error: None,
            loading,
            is_awaited: loading,
            attempt: 0,
        }
    }

    /// A read begins.
    pub fn start(&mut self) {
        self.loading = true;
        self.is_awaited = true;
        self.error = None;
    }

    /// The same read once more.
    pub fn again(&mut self) {
        self.start();
        self.attempt += 1;
    }

    /// The same read once more, quietly: what is there is still worth looking at.
    pub fn refresh(&mut self) {
        self.attempt += 1;
        self.is_awaited = true;
    }

    /// Takes over an answer. A refresh that fails is no news to the viewer, unless
    /// the session was revoked: then what is there goes.
    pub fn settle(&mut self, answer: Answer<T>) {
        match answer {
            Ok(value) => {
                self.value = Some(value);
                self.error = None;
            }
            Err(error) if error.ends_session() => {
                self.value = None;
                self.error = Some(error);
            }
            Err(error) if self.loading => self.error = Some(error),
            Err(_) => {}
        }
        self.loading = false;
        self.is_awaited = false;
    }

    /// Whether an answer is on its way.
    pub const fn is_awaited(&self) -> bool {
        self.is_awaited
    }

    /// Whether the token leaves this part out.
    pub fn is_withheld(&self) -> bool {
        is_withheld(self.error.as_ref())
    }
}

/// Whether this is how a part is refused that the token leaves out.
pub fn is_withheld(error: Option<&ApiError>) -> bool {
    error.is_some_and(|error| error.kind == ErrorKind::InsufficientScope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: ErrorKind) -> ApiError {
        ApiError::without_answer(kind)
    }

    #[test]
    fn a_refresh_that_fails_leaves_what_is_there_unless_the_session_was_revoked() {
        let mut remote = Remote::new(true);
        remote.settle(Ok(Rc::new(1)));
        remote.refresh();
        remote.settle(Err(refused(ErrorKind::Network)));
        assert_eq!((remote.value.as_deref(), &remote.error), (Some(&1), &None));
        remote.refresh();
        remote.settle(Err(refused(ErrorKind::SessionRevoked)));
        assert_eq!(remote.value, None);
        assert!(remote.error.is_some());
    }
}
