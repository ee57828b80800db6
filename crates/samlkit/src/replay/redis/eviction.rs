//! Whether a server drops entries when its memory is full. An entry that is dropped is a replay
//! accepted, so such a server is no place for them.
//!
//! It is read from `INFO memory`, which managed servers allow where they forbid `CONFIG GET`. What
//! is looked at is the policy alone: one that evicts does no harm while `maxmemory` is 0, but a
//! limit can be set while the service runs.

use redis::{FromRedisValue, Value};

use super::super::ReplayError;

/// The only policy under which a server with full memory refuses instead of forgetting.
const KEEPS: &str = "noeviction";

/// What each server said to `INFO memory`.
pub(super) fn check(answers: Vec<Value>) -> Result<(), ReplayError> {
    for answer in answers {
        let unknown = |reason: String| ReplayError::EvictionUnknown { reason };
        let said = String::from_redis_value(answer).map_err(|error| unknown(error.to_string()))?;
        let policy = said.lines().find_map(|line| line.strip_prefix("maxmemory_policy:"));
        match policy.map(str::trim) {
            Some(KEEPS) => {}
            Some(policy) => return Err(ReplayError::Evicts { policy: policy.to_owned() }),
            None => return Err(unknown("it has no maxmemory_policy".to_owned())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    #[test]
    fn every_server_has_to_keep() {
        let good = "# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n";
        assert_eq!(check(vec![said(good), said(good)]), Ok(()));
        let evicts = Err(ReplayError::Evicts { policy: "volatile-lru".to_owned() });
        assert_eq!(check(vec![said(good), said("maxmemory_policy:volatile-lru\r\n")]), evicts);
        for silent in [said("# Memory\r\n"), Value::Nil, Value::Int(1)] {
            let answer = check(vec![silent]);
            assert!(matches!(answer, Err(ReplayError::EvictionUnknown { .. })), "{answer:?}");
        }
    }
}
