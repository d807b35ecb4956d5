import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names, where a later one wins over an earlier one of the same property. */
export const cn = (...classes: ClassValue[]): string => twMerge(clsx(classes));
