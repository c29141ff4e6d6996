//! Addresses: what the network types accept.

use std::net::Ipv4Addr;

/// The IPv4 address that `text` writes.
pub(super) fn ip(text: &str) -> Option<Ipv4Addr> {
    text.parse().ok()
}

/// Whether `address` belongs to a private network or to the machine itself.
pub(super) fn is_local(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_loopback() || address.is_link_local()
}

/// The length of the prefix that the mask `text` makes: its ones all stand before its zeros.
pub(super) fn netmask(text: &str) -> Option<u32> {
    let bits = u32::from(ip(text)?);
    (bits.leading_ones() + bits.trailing_zeros() >= 32).then(|| bits.leading_ones())
}

/// The address and prefix length that `text` writes, such as `192.0.2.1/24`.
pub(super) fn cidr(text: &str) -> Option<(Ipv4Addr, u32)> {
    let (address, length) = text.split_once('/')?;
    let length = length.parse().ok().filter(|length| *length <= 32)?;
    Some((ip(address)?, length))
}

/// Whether the address has no bit beyond its prefix.
pub(super) fn is_network((address, length): (Ipv4Addr, u32)) -> bool {
    u32::from(address).checked_shl(length).unwrap_or(0) == 0
}

/// Whether `text` is six pairs of hexadecimal digits with `:` or `-` between them.
pub(super) fn is_mac(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    pairs.len() == 6
        && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
