import { useMedia } from "./useMedia";

/** The same width at which the style sheet's `phone:` variant begins. */
export const useIsPhone = () => useMedia("(width < 48rem)");
