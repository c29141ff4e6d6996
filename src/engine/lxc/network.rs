//! The bridge that containers hang on, and which of its addresses each has.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use nix::ifaddrs::getifaddrs;

use crate::engine::EngineError;

/// The bridge's own address and how many bits of it are the network's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    gateway: Ipv4Addr,
    bits: u32,
}

impl Network {
    /// The network of the bridge `name`.
    ///
    /// # Errors
    /// There is no such bridge, or it has no address.
    pub(super) fn of(name: &str) -> Result<Self, EngineError> {
        let absent = || EngineError::BridgeAbsent { bridge: name.to_owned() };
        let found = getifaddrs().map_err(|_| absent())?.filter(|interface| interface.interface_name == name);
        let networks = found.filter_map(|interface| {
            let address = interface.address?.as_sockaddr_in()?.ip();
            let mask = interface.netmask?.as_sockaddr_in()?.ip();
            Some(Self { gateway: address, bits: u32::from(mask).leading_ones() })
        });
        networks.last().filter(|network| (8..=30).contains(&network.bits)).ok_or_else(absent)
    }

    /// An address of it that is not in `taken`; `seed` says where the search begins, so that one that was just given
    /// back is not given to the next.
    pub(super) fn free(self, taken: &BTreeSet<Ipv4Addr>, seed: u32) -> Option<Ipv4Addr> {
        let count = (1_u32 << (32 - self.bits)) - 2;
        let base = u32::from(self.gateway) & !(u32::MAX >> self.bits);
        let candidates = (0..count).map(|step| base + 1 + (seed % count + step) % count);
        candidates.map(Ipv4Addr::from).find(|address| *address != self.gateway && !taken.contains(address))
    }

    /// `address` with the network's bits, as LXC writes it.
    pub(super) fn written(self, address: Ipv4Addr) -> String {
        format!("{address}/{}", self.bits)
    }

    /// The address of the host on it.
    pub(super) fn gateway(self) -> Ipv4Addr {
        self.gateway
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_container_has_an_address_of_its_own() {
        let network = Network { gateway: Ipv4Addr::new(10, 0, 3, 1), bits: 29 };
        let mut taken = BTreeSet::new();
        for seed in [7, 7, 7, 7, u32::MAX] {
            taken.insert(network.free(&taken, seed).unwrap());
        }
        let expected: BTreeSet<Ipv4Addr> = (2..=6).map(|last| Ipv4Addr::new(10, 0, 3, last)).collect();
        assert_eq!(taken, expected);
        assert_eq!(network.free(&taken, 0), None);
    }

    #[test]
    fn a_bridge_that_is_not_there_is_told() {
        let expected = EngineError::BridgeAbsent { bridge: "no-such-bridge".to_owned() };
        assert_eq!(Network::of("no-such-bridge"), Err(expected));
    }
}
