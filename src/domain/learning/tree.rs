//! What there is to choose from: the matters as the tree of their three levels, and the departments.
//!
//! A node is a level of matters or a department, numbered in the order of the profile. The children of one node are
//! weighed against each other, and so are the departments.

use std::collections::HashMap;

use crate::domain::catalogue::{Department, Matter};
use crate::domain::code::{DepartmentCode, MatterCode};

/// More nodes than any city has, and as many as a weight can name.
const NODES: usize = 60_000;

/// A matter and the nodes that lead to it, one a level.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) code: MatterCode,
    pub(super) path: [u16; 3],
    /// The node of the department that usually leads it.
    pub(super) usual: Option<u16>,
}

/// The nodes.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) leaves: Vec<Leaf>,
    /// The departments, by node.
    pub(super) departments: Vec<(DepartmentCode, u16)>,
    leaf_at: HashMap<MatterCode, usize>,
    department_at: HashMap<DepartmentCode, u16>,
    /// The group of each node.
    group: Vec<u16>,
    /// The nodes of each group.
    groups: Vec<Vec<u16>>,
}

impl Tree {
    /// The nodes of a city. What is beyond [`NODES`] is never suggested.
    pub(super) fn new(matters: &[Matter], departments: &[Department]) -> Self {
        let mut tree = Self {
            leaves: Vec::new(),
            departments: Vec::new(),
            leaf_at: HashMap::new(),
            department_at: HashMap::new(),
            group: Vec::new(),
            // The departments, and the first level of matters.
            groups: vec![Vec::new(), Vec::new()],
        };
        for department in departments {
            if let Some(node) = tree.node(0) {
                tree.departments.push((department.code.clone(), node));
                tree.department_at.insert(department.code.clone(), node);
            }
        }
        // The node of a name below another, and the group of its children.
        let mut known: HashMap<(u16, &str), (u16, u16)> = HashMap::new();
        for matter in matters {
            let mut below = 1;
            let mut path = Vec::new();
            for name in [&matter.level1, &matter.level2] {
                let there = known.get(&(below, name.as_str())).copied();
                let Some((node, children)) = there.or_else(|| {
                    let node = tree.node(below)?;
                    tree.groups.push(Vec::new());
                    Some((node, u16::try_from(tree.groups.len() - 1).ok()?))
                }) else {
                    return tree;
                };
                known.insert((below, name), (node, children));
                path.push(node);
                below = children;
            }
            let (Some(node), &[first, second]) = (tree.node(below), path.as_slice()) else { return tree };
            let usual = matter.department.as_ref().and_then(|code| tree.department_at.get(code).copied());
            tree.leaf_at.insert(matter.code.clone(), tree.leaves.len());
            tree.leaves.push(Leaf { code: matter.code.clone(), path: [first, second, node], usual });
        }
        tree
    }

    fn node(&mut self, group: u16) -> Option<u16> {
        let node = u16::try_from(self.group.len()).ok().filter(|node| usize::from(*node) < NODES)?;
        self.group.push(group);
        self.groups[usize::from(group)].push(node);
        Some(node)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.group.len()
    }

    /// The nodes that a node is weighed against, itself among them.
    pub(super) fn siblings(&self, node: u16) -> &[u16] {
        &self.groups[usize::from(self.group[usize::from(node)])]
    }

    /// The nodes of each group.
    pub(super) fn groups(&self) -> &[Vec<u16>] {
        &self.groups
    }

    /// The place of a matter among the leaves.
    pub(super) fn leaf(&self, code: &MatterCode) -> Option<usize> {
        self.leaf_at.get(code).copied()
    }

    /// The node of a department.
    pub(super) fn department(&self, code: &DepartmentCode) -> Option<u16> {
        self.department_at.get(code).copied()
    }
}
