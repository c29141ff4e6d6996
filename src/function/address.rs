//! Functions on addresses and networks: calculated, read from the machine, or judged.

use std::net::Ipv4Addr;

use super::{Arguments, FunctionError, Patterns, Surroundings};
use crate::phrase;
use crate::value::{Value, VariableType};
use crate::words::Phrase;

/// A network: its address and its mask.
#[derive(Clone, Copy)]
struct Network {
    address: u32,
    mask: u32,
}

impl Network {
    fn of(address: Ipv4Addr, mask: Ipv4Addr) -> Self {
        let mask = u32::from(mask);
        Self { address: u32::from(address) & mask, mask }
    }

    fn address(self) -> Ipv4Addr {
        self.address.into()
    }

    fn broadcast(self) -> Ipv4Addr {
        (self.address | !self.mask).into()
    }

    fn has(self, address: Ipv4Addr) -> bool {
        u32::from(address) & self.mask == self.address
    }
}

fn text(address: Ipv4Addr) -> Value {
    Value::Text(address.to_string())
}

/// The address that an argument is; none where it is empty.
fn address(
    arguments: &Arguments,
    name: &str,
    position: usize,
    expected: Phrase,
) -> Result<Option<Ipv4Addr>, FunctionError> {
    let Some(text) = arguments.text(name, position) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| FunctionError::wrong_call(expected))
}

/// The mask that an argument is, as one or as the length of a prefix; none where it is empty.
fn mask(arguments: &Arguments, position: usize) -> Result<Option<Ipv4Addr>, FunctionError> {
    let Some(text) = arguments.text("netmask", position) else { return Ok(None) };
    netmask(&text)
        .map(Some)
        .ok_or_else(|| FunctionError::wrong_call(phrase!("be-netmask", "a netmask, such as 255.255.255.0")))
}

fn netmask(text: &str) -> Option<Ipv4Addr> {
    if let Some(length) = text.trim_start_matches('/').parse::<u32>().ok().filter(|length| *length <= 32) {
        return Some(u32::MAX.checked_shl(32 - length).unwrap_or(0).into());
    }
    VariableType::Netmask.parse(text).ok().and_then(|value| value.to_string().parse().ok())
}

/// The network of the first two arguments; none if one is empty.
fn given(arguments: &Arguments) -> Result<Option<Network>, FunctionError> {
    let ip = address(arguments, "ip", 0, phrase!("be-ipv4", "an IPv4 address"))?;
    Ok(ip.zip(mask(arguments, 1)?).map(|(ip, mask)| Network::of(ip, mask)))
}

/// `calc_network(ip, netmask)`: the address of the network, or nothing if one is empty.
pub(super) fn network(arguments: &Arguments, _: &dyn Surroundings) -> Result<Value, FunctionError> {
    Ok(given(arguments)?.map(|network| text(network.address())).unwrap_or_default())
}

/// `calc_broadcast(ip, netmask)`: the broadcast address, or nothing if one is empty.
pub(super) fn broadcast(arguments: &Arguments, _: &dyn Surroundings) -> Result<Value, FunctionError> {
    Ok(given(arguments)?.map(|network| text(network.broadcast())).unwrap_or_default())
}

/// `calc_classe(netmask)`: the length of the mask's prefix, as in `192.0.2.0/24`.
pub(super) fn prefix_length(arguments: &Arguments, _: &dyn Surroundings) -> Result<Value, FunctionError> {
    let mask = mask(arguments, 0)?;
    Ok(mask.map_or(Value::None, |mask| Value::Text(u32::from(mask).leading_ones().to_string())))
}

/// Whether `parametre` equals `condition`, which are the arguments from `position` on: only then is the machine asked.
fn asked(arguments: &Arguments, position: usize) -> Result<bool, FunctionError> {
    let given = (arguments.get("parametre", position), arguments.get("condition", position + 1));
    match given {
        (Some(parameter), Some(condition)) => Ok(parameter.to_string() == condition.to_string()),
        _ => Err(FunctionError::wrong_call(phrase!(
            "be-compared",
            "`parametre` and `condition`, which are compared"
        ))),
    }
}

/// What the interface that the first argument names has, while the machine is to be asked.
fn automatic(
    arguments: &Arguments,
    at: usize,
    surroundings: &dyn Surroundings,
    take: fn(Ipv4Addr, Ipv4Addr) -> Ipv4Addr,
) -> Result<Value, FunctionError> {
    let Some(name) = arguments.text("nom", at) else {
        return Err(FunctionError::wrong_call(phrase!("be-interface", "the name of an interface")));
    };
    if !asked(arguments, at + 1)? {
        return Ok(Value::None);
    }
    let found = surroundings.interface(&name);
    Ok(found.map(|(ip, mask)| text(take(ip, mask))).unwrap_or_default())
}

/// `auto_eth(nom, parametre, condition)`: the address of the interface where `parametre` equals `condition`.
pub(super) fn auto_address(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    automatic(arguments, 0, surroundings, |ip, _| ip)
}

/// `auto_netmask(nom, parametre, condition)`: its netmask.
pub(super) fn auto_netmask(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    automatic(arguments, 0, surroundings, |_, mask| mask)
}

/// `auto_network(nom, parametre, condition)`: its network.
pub(super) fn auto_network(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    automatic(arguments, 0, surroundings, |ip, mask| Network::of(ip, mask).address())
}

/// `auto_broadcast(nom, parametre, condition)`: its broadcast address.
pub(super) fn auto_broadcast(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    automatic(arguments, 0, surroundings, |ip, mask| Network::of(ip, mask).broadcast())
}

/// `calc_or_auto_network(ip, netmask, nom, parametre, condition)`: as `auto_network` where `parametre` equals `condition`, else as
/// `calc_network`.
pub(super) fn network_or_auto(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    if asked(arguments, 3)? {
        automatic(arguments, 2, surroundings, |ip, mask| Network::of(ip, mask).address())
    } else {
        network(arguments, surroundings)
    }
}

/// `calc_or_auto_broadcast(ip, netmask, nom, parametre, condition)`: the same of broadcast addresses.
pub(super) fn broadcast_or_auto(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    if asked(arguments, 3)? {
        automatic(arguments, 2, surroundings, |ip, mask| Network::of(ip, mask).broadcast())
    } else {
        broadcast(arguments, surroundings)
    }
}

/// `auto_defaultgw_ip(parametre, condition)`: the gateway of the default route.
pub(super) fn auto_gateway(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    let gateway = if asked(arguments, 0)? { surroundings.gateway() } else { None };
    Ok(gateway.map(text).unwrap_or_default())
}

/// `auto_dns(parametre, condition)`: the DNS servers.
pub(super) fn auto_dns(
    arguments: &Arguments,
    surroundings: &dyn Surroundings,
) -> Result<Value, FunctionError> {
    let servers = if asked(arguments, 0)? { surroundings.dns() } else { Vec::new() };
    Ok(Value::List(servers.into_iter().map(Value::Text).collect()))
}

/// The address that is judged; none where there is none to judge.
fn judged(value: &Value) -> Result<Option<Ipv4Addr>, FunctionError> {
    if value.is_empty() {
        return Ok(None);
    }
    value.to_string().parse().map(Some).map_err(|_| FunctionError::NoAddress)
}

/// `valid_ipnetmask(ip, netmask)`: the address is one of a machine in the network of the mask.
pub(super) fn fits_netmask(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let (Some(ip), Some(mask)) = (judged(value)?, mask(arguments, 0)?) else { return Ok(()) };
    let network = Network::of(ip, mask);
    // Networks of one or two addresses have neither a name nor a broadcast address.
    let small = u32::from(mask).leading_ones() >= 31;
    if small || ip != network.address() && ip != network.broadcast() {
        Ok(())
    } else {
        Err(FunctionError::NotInNetwork { network: network.address(), mask })
    }
}

/// `valid_networknetmask(net, netmask)`: the address is that of a network of the mask.
pub(super) fn is_network_of(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let (Some(ip), Some(mask)) = (judged(value)?, mask(arguments, 0)?) else { return Ok(()) };
    let network = Network::of(ip, mask);
    if ip == network.address() {
        Ok(())
    } else {
        Err(FunctionError::NoNetwork { network: network.address() })
    }
}

/// The network of the arguments `network` and `netmask`; none if one is empty.
fn other(arguments: &Arguments) -> Result<Option<(Network, Ipv4Addr)>, FunctionError> {
    let address =
        address(arguments, "network", 0, phrase!("be-network-address", "the address of a network"))?;
    Ok(address.zip(mask(arguments, 1)?).map(|(address, mask)| (Network::of(address, mask), mask)))
}

/// `valid_in_network(ip, network, netmask)`: the address is one of the network.
pub(super) fn is_in_network(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let (Some(ip), Some((network, mask))) = (judged(value)?, other(arguments)?) else { return Ok(()) };
    if network.has(ip) {
        Ok(())
    } else {
        Err(FunctionError::NotInNetwork { network: network.address(), mask })
    }
}

/// `valid_broadcast(b, network, netmask)`: the address is the broadcast address of the network.
pub(super) fn is_broadcast(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let (Some(ip), Some((network, _))) = (judged(value)?, other(arguments)?) else { return Ok(()) };
    let expected = network.broadcast();
    if ip == expected { Ok(()) } else { Err(FunctionError::NoBroadcast { broadcast: expected }) }
}
