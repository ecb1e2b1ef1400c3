//! Sixteen numbers in registers.
//!
//! Written out for each instruction set: what the compiler makes of the same loops over arrays
//! depends on what stands around them, and is at times ten times slower.

/// Sixteen numbers that are added to together.
pub(super) trait Lanes: Copy {
    /// Sixteen zeros.
    ///
    /// # Safety
    /// The processor has the instructions.
    unsafe fn zeros() -> Self;

    /// The sixteen numbers from `at`.
    ///
    /// # Safety
    /// They are there, and the processor has the instructions.
    unsafe fn load(at: *const f32) -> Self;

    /// Writes to the sixteen places from `at`.
    ///
    /// # Safety
    /// They are there, and the processor has the instructions.
    unsafe fn store(self, at: *mut f32);

    /// `self + x * row`.
    ///
    /// # Safety
    /// The processor has the instructions.
    unsafe fn plus_product(self, x: f32, row: Self) -> Self;
}

impl Lanes for [f32; 16] {
    #[inline(always)]
    unsafe fn zeros() -> Self {
        [0.0; 16]
    }

    #[inline(always)]
    unsafe fn load(at: *const f32) -> Self {
        // SAFETY: the caller says that they are there; an array of numbers is aligned as they are.
        unsafe { at.cast::<Self>().read() }
    }

    #[inline(always)]
    unsafe fn store(self, at: *mut f32) {
        // SAFETY: as above.
        unsafe { at.cast::<Self>().write(self) }
    }

    #[inline(always)]
    unsafe fn plus_product(mut self, x: f32, row: Self) -> Self {
        for (sum, row) in self.iter_mut().zip(row) {
            *sum = x.mul_add(row, *sum);
        }
        self
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) mod x86 {
    use std::arch::x86_64::{
        __m256, __m512, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps,
        _mm256_storeu_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
        _mm512_storeu_ps,
    };

    use super::Lanes;

    /// Two registers of AVX2.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx2(__m256, __m256);

    impl Lanes for Avx2 {
        #[inline(always)]
        unsafe fn zeros() -> Self {
            // SAFETY: the caller says that the processor has AVX2 and FMA; so below.
            unsafe { Self(_mm256_setzero_ps(), _mm256_setzero_ps()) }
        }

        #[inline(always)]
        unsafe fn load(at: *const f32) -> Self {
            // SAFETY: the caller says that sixteen numbers are there.
            unsafe { Self(_mm256_loadu_ps(at), _mm256_loadu_ps(at.add(8))) }
        }

        #[inline(always)]
        unsafe fn store(self, at: *mut f32) {
            // SAFETY: the caller says that sixteen places are there.
            unsafe {
                _mm256_storeu_ps(at, self.0);
                _mm256_storeu_ps(at.add(8), self.1);
            }
        }

        #[inline(always)]
        unsafe fn plus_product(self, x: f32, row: Self) -> Self {
            // SAFETY: as for `zeros`.
            unsafe {
                let x = _mm256_set1_ps(x);
                Self(
                    _mm256_fmadd_ps(x, row.0, self.0),
                    _mm256_fmadd_ps(x, row.1, self.1),
                )
            }
        }
    }

    /// One register of AVX-512.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx512(__m512);

    impl Lanes for Avx512 {
        #[inline(always)]
        unsafe fn zeros() -> Self {
            // SAFETY: the caller says that the processor has AVX-512; so below.
            unsafe { Self(_mm512_setzero_ps()) }
        }

        #[inline(always)]
        unsafe fn load(at: *const f32) -> Self {
            // SAFETY: the caller says that sixteen numbers are there.
            unsafe { Self(_mm512_loadu_ps(at)) }
        }

        #[inline(always)]
        unsafe fn store(self, at: *mut f32) {
            // SAFETY: the caller says that sixteen places are there.
            unsafe { _mm512_storeu_ps(at, self.0) }
        }

        #[inline(always)]
        unsafe fn plus_product(self, x: f32, row: Self) -> Self {
            // SAFETY: as for `zeros`.
            unsafe { Self(_mm512_fmadd_ps(_mm512_set1_ps(x), row.0, self.0)) }
        }
    }
}
