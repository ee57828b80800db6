//! Which server is asked, and how it is reached: one, the primary that Sentinel names, or a
//! Cluster. Gives a connection that many can use at once; does not know what it is used for.

#[cfg(feature = "redis-tls")]
use redis::TlsCertificates;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, IntoConnectionInfo};
use redis::{Pipeline, RedisResult, Value};

#[cfg(feature = "redis-cluster")]
use redis::cluster_routing::{MultipleNodeRoutingInfo, ResponsePolicy, RoutingInfo};
#[cfg(feature = "redis-sentinel")]
use redis::sentinel::{Sentinel, SentinelNodeConnectionInfo};

/// Where the entries are.
pub(super) enum Server {
    Single(Box<Client>),
    #[cfg(feature = "redis-sentinel")]
    Sentinel {
        sentinels: Vec<ConnectionInfo>,
        name: String,
        primary: Box<SentinelNodeConnectionInfo>,
    },
    #[cfg(feature = "redis-cluster")]
    Cluster(Box<redis::cluster::ClusterClient>),
}

impl Server {
    pub(super) fn single(url: &str, secrets: &mut Vec<String>) -> RedisResult<Self> {
        Ok(Self::Single(Box::new(Client::open(read(url, secrets)?)?)))
    }

    #[cfg(feature = "redis-tls")]
    pub(super) fn single_with_ca(
        url: &str,
        ca: &[u8],
        secrets: &mut Vec<String>,
    ) -> RedisResult<Self> {
        let certificates = TlsCertificates { client_tls: None, root_cert: Some(ca.to_vec()) };
        let client = Client::build_with_tls(read(url, secrets)?, certificates)?;
        Ok(Self::Single(Box::new(client)))
    }

    /// The host in `primary` is the name that Sentinel knows; there is no port.
    #[cfg(feature = "redis-sentinel")]
    pub(super) fn sentinel(
        sentinels: &[&str],
        primary: &str,
        secrets: &mut Vec<String>,
    ) -> RedisResult<Self> {
        use redis::{ConnectionAddr, ErrorKind, TlsMode};

        let read_all =
            sentinels.iter().map(|url| read(url, secrets)).collect::<RedisResult<_>>()?;
        let primary = read(primary, secrets)?;
        let mut node = SentinelNodeConnectionInfo::default()
            .set_redis_connection_info(primary.redis_settings().clone())
            .set_tcp_settings(primary.tcp_settings().clone());
        let name = match primary.addr() {
            ConnectionAddr::Tcp(name, _) => name.clone(),
            ConnectionAddr::TcpTls { host, insecure, .. } => {
                node =
                    node.set_tls_mode(if *insecure { TlsMode::Insecure } else { TlsMode::Secure });
                host.clone()
            }
            _ => {
                let what = "Sentinel's primary is named in the URL's host";
                return Err((ErrorKind::InvalidClientConfig, what).into());
            }
        };
        // An empty list is refused here and not at the first login.
        let _ = Sentinel::build(Vec::clone(&read_all))?;
        Ok(Self::Sentinel { sentinels: read_all, name, primary: Box::new(node) })
    }

    #[cfg(feature = "redis-cluster")]
    pub(super) fn cluster(nodes: &[&str], secrets: &mut Vec<String>) -> RedisResult<Self> {
        let nodes = nodes.iter().map(|url| read(url, secrets)).collect::<RedisResult<Vec<_>>>()?;
        Ok(Self::Cluster(Box::new(redis::cluster::ClusterClient::builder(nodes).build()?)))
    }

    /// Whether keys are spread over several servers by their hash.
    pub(super) fn is_cluster(&self) -> bool {
        match self {
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(_) => true,
            _ => false,
        }
    }

    /// A new connection. How long that takes is the caller's to bound, and so is every answer.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        match self {
            Self::Single(client) => {
                let connection = client.get_multiplexed_async_connection_with_config(&config);
                Ok(Connection::Single(connection.await?))
            }
            #[cfg(feature = "redis-sentinel")]
            Self::Sentinel { sentinels, name, primary } => {
                let mut sentinel = Sentinel::build(sentinels.clone())?;
                let client = sentinel.async_master_for(name, Some(primary)).await?;
                let connection = client.get_multiplexed_async_connection_with_config(&config);
                Ok(Connection::Single(connection.await?))
            }
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(client) => Ok(Connection::Cluster(client.get_async_connection().await?)),
        }
    }
}

/// A connection that many can use at the same time, each on a clone.
#[derive(Clone)]
pub(super) enum Connection {
    Single(MultiplexedConnection),
    #[cfg(feature = "redis-cluster")]
    Cluster(redis::cluster_async::ClusterConnection),
}

impl Connection {
    /// Sends the commands together and gives their answers. In a Cluster, all keys in them belong
    /// to one slot.
    pub(super) async fn ask<T: redis::FromRedisValue>(
        &mut self,
        commands: &Pipeline,
    ) -> RedisResult<T> {
        match self {
            Self::Single(connection) => commands.query_async(connection).await,
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(connection) => commands.query_async(connection).await,
        }
    }

    /// What `INFO memory` says, of each server that takes writes.
    pub(super) async fn info_memory(&mut self) -> RedisResult<Vec<Value>> {
        let mut info = redis::cmd("INFO");
        info.arg("memory");
        match self {
            Self::Single(connection) => Ok(vec![info.query_async(connection).await?]),
            #[cfg(feature = "redis-cluster")]
            Self::Cluster(connection) => {
                let every = (MultipleNodeRoutingInfo::AllMasters, Some(ResponsePolicy::Special));
                match connection.route_command(info, RoutingInfo::MultiNode(every)).await? {
                    Value::Map(answers) => Ok(answers.into_iter().map(|(_, said)| said).collect()),
                    other => Ok(vec![other]),
                }
            }
        }
    }
}

/// Takes the URL apart, and keeps its password for [`super::without`].
fn read(url: &str, secrets: &mut Vec<String>) -> RedisResult<ConnectionInfo> {
    let info = url.into_connection_info()?;
    let password = info.redis_settings().password().filter(|password| !password.is_empty());
    secrets.extend(password.map(str::to_owned));
    Ok(info)
}
