/**
 * Currencies whose amounts have no digits behind the point, and those with three: the table of
 * `Currency::exponent` in `crates/domain`, which a test holds beside this one. Browsers go by how a
 * currency is written in shops (no fillers for the Iraqi dinar), which is not how amounts are stored.
 */
export const WITHOUT_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ");
export const WITH_THREE = "BHD IQD JOD KWD LYD OMR TND".split(" ");

/** How many digits of a currency's amounts stand behind the point: 2 for pounds, 0 for yen. */
export function minorDigits(currency: string): number {
  if (WITHOUT_MINOR.includes(currency)) return 0;
  return WITH_THREE.includes(currency) ? 3 : 2;
}

/** Minor units in one major unit: 100 for most. */
export const minorPerMajor = (currency: string): number => 10 ** minorDigits(currency);
