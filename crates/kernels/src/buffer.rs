//! Buffers that are written before they are read.
//!
//! Zeroing a buffer that a kernel is about to fill costs a pass over memory, a tenth of a training
//! step. `MaybeUninit` says in types what would otherwise be a promise.

use std::mem::{ManuallyDrop, MaybeUninit};

/// A place for a number that is still to be written.
pub(crate) type Blank = MaybeUninit<f32>;

/// `len` numbers that are still to be written.
pub(crate) fn blank(len: usize) -> Vec<Blank> {
    let mut buffer = Vec::with_capacity(len);
    // SAFETY: the capacity is there, and a `MaybeUninit` needs no value.
    unsafe { buffer.set_len(len) };
    buffer
}

/// The numbers of a buffer of which every place was written.
///
/// # Safety
/// Every place was written.
pub(crate) unsafe fn written(buffer: Vec<Blank>) -> Vec<f32> {
    let mut buffer = ManuallyDrop::new(buffer);
    // SAFETY: same allocation, same layout; the caller says that every place holds a number.
    unsafe { Vec::from_raw_parts(buffer.as_mut_ptr().cast(), buffer.len(), buffer.capacity()) }
}

/// Numbers seen as places to write to.
///
/// Only for writing numbers: nothing in this crate ever writes back an uninitialized place.
pub(crate) fn as_blank(numbers: &mut [f32]) -> &mut [Blank] {
    // SAFETY: the layouts are the same, and this crate writes only numbers through the result.
    unsafe { std::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), numbers.len()) }
}

/// Copies numbers into blank places of the same length.
pub(crate) fn copy(from: &[f32], to: &mut [Blank]) {
    to.write_copy_of_slice(from);
}
