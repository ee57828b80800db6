//! IDs that are given twice.

use crate::tree::{Tree, resolve};

/// Sorts the IDs of a tree by value and place, and notes the pairs of elements that share one: how
/// many there are, and the first `kept` of them in document order.
pub(super) fn find_duplicates(text: &str, tree: &mut Tree, kept: usize) {
    let Tree { ids, decoded, .. } = tree;
    if ids.len() < 2 {
        return;
    }
    let value = |span| resolve(text, decoded, span);
    ids.sort_unstable_by(|a, b| value(a.0).cmp(value(b.0)).then(a.1.cmp(&b.1)));
    let pairs = || {
        ids.chunk_by(|a, b| value(a.0) == value(b.0)).flat_map(|same| {
            let first = same.first().map_or(0, |&(_, node)| node);
            same.iter().map(move |&(_, node)| (first, node)).filter(|(first, node)| first != node)
        })
    };
    // Counted first, so the list is no longer than it has to be.
    let count = pairs().count();
    if count == 0 {
        return;
    }
    let mut all: Vec<(u32, u32)> = Vec::with_capacity(count);
    all.extend(pairs());
    // Two elements may share more than one ID.
    all.sort_unstable();
    all.dedup();
    tree.duplicate_id_count = all.len();
    tree.duplicate_ids = all.iter().copied().take(kept).collect();
}
