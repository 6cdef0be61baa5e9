//! Reading what a later version wrote: fields that this version has no name for are passed over.
//!
//! Some records stand in requests and files as well as in answers (a place, a department), and there they refuse what
//! they do not know. In an answer nobody mistyped anything: a server is brought up to date before its desks.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Reads the JSON of an answer.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    T::deserialize(Known(serde_json::from_slice(json)?))
}

/// A value of which a struct is shown only the fields it asks for.
struct Known(Value);

impl<'de> Deserializer<'de> for Known {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Known))),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| (key, Known(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if let Value::Object(given) = &mut self.0 {
            given.retain(|key, _| fields.contains(&key.as_str()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

impl IntoDeserializer<'_, serde_json::Error> for Known {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::domain::code::Channel;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        channel: Channel,
        inner: Vec<Option<Inner>>,
        #[serde(default)]
        names: BTreeMap<String, u8>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        n: f64,
    }

    #[test]
    fn what_is_not_known_is_passed_over_at_any_depth_and_nothing_else_is() {
        let json =
            br#"{"later":[{}],"channel":"phone","inner":[null,{"n":1,"later":{"n":2}}],"names":{"a":7}}"#;
        assert!(serde_json::from_slice::<Strict>(json).is_err());
        let names = BTreeMap::from([("a".to_owned(), 7)]);
        let read_back = read::<Strict>(json).unwrap();
        assert_eq!(
            read_back,
            Strict { channel: Channel::Phone, inner: vec![None, Some(Inner { n: 1.0 })], names }
        );
        for wrong in [
            &br#"{"inner":[]}"#[..],
            br#"{"channel":"pigeon","inner":[]}"#,
            br#"{"channel":"phone","inner":[{}]}"#,
            br#"{"channel":"phone","inner":[],"names":{"a":300}}"#,
            br#"{"channel":"phone","inner":[]"#,
        ] {
            assert!(read::<Strict>(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }
}
