//! Values on their way to the database and back.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::fault::Fault;
use crate::store::{Param, Row, Value};

/// A parameter, written as what the statement has in its place.
pub(super) struct Bound<'a>(pub(super) Param<'a>);

impl std::fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It may hold anything of a caller.
        f.write_str("Bound")
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Param::Null => Ok(IsNull::Yes),
            Param::Int(value) => match *ty {
                Type::INT2 => i16::try_from(value)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(value)?.to_sql(ty, out),
                _ => value.to_sql(ty, out),
            },
            Param::Text(text) => text.to_sql(ty, out),
            Param::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // One that does not fit is refused by the server.
        true
    }

    to_sql_checked!();
}

/// A row as the commands read it.
pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, Fault> {
    let values = row.columns().iter().enumerate().map(|(at, column)| value(row, at, column.type_()));
    Ok(Row::new(values.collect::<Result<_, _>>()?))
}

fn value(row: &tokio_postgres::Row, at: usize, ty: &Type) -> Result<Value, Fault> {
    let read = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(at).map(|value| value.map(Value::Int)),
        Type::INT4 => row.try_get::<_, Option<i32>>(at).map(|value| value.map(|n| Value::Int(n.into()))),
        Type::INT2 => row.try_get::<_, Option<i16>>(at).map(|value| value.map(|n| Value::Int(n.into()))),
        Type::BOOL => row.try_get::<_, Option<bool>>(at).map(|value| value.map(|is| Value::Int(is.into()))),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map(|value| value.map(Value::Blob)),
        _ => row.try_get::<_, Option<String>>(at).map(|value| value.map(Value::Text)),
    };
    match read {
        Ok(value) => Ok(value.unwrap_or(Value::Null)),
        Err(_) => Err(Fault::Other { code: ty.name().to_owned(), doing: "reading a value" }),
    }
}
