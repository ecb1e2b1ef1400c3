//! One loop, compiled for several instruction sets, the best one chosen when it runs.

/// Defines functions whose loops the compiler vectorizes for AVX-512, for AVX2 and for the target's
/// own baseline (which on 64-bit Arm is NEON with fused multiply-add).
///
/// The body must be plain loops over slices, without calls that are not inlined.
macro_rules! vectorized {
    ($($(#[$doc:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block)*) => { $(
        $(#[$doc])*
        $vis fn $name($($argument: $type),*) {
            #[inline(always)]
            fn portable($($argument: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,fma")]
                fn avx512($($argument: $type),*) { portable($($argument),*) }

                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) { portable($($argument),*) }

                if std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512vl")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                {
                    // SAFETY: the processor was just asked for these instructions.
                    return unsafe { avx512($($argument),*) };
                }
                if std::arch::is_x86_feature_detected!("avx2")
                    && std::arch::is_x86_feature_detected!("fma")
                {
                    // SAFETY: the processor was just asked for these instructions.
                    return unsafe { avx2($($argument),*) };
                }
            }
            portable($($argument),*)
        }
    )* };
}

pub(crate) use vectorized;
