//! Rules about clocks: the service provider's, the identity provider's, and that of the machine that
//! judges.

pub mod suspected;
