import type { Messages } from "../loader-js/src/frame/language.ts";

type Texts = Record<string, string>;

export const SOURCE: string;
export function read(folder: string): Record<string, Texts>;
export function faults(languages: Record<string, Texts>): string[];
export function gaps(languages: Record<string, Texts>): string[];
export function compile(languages: Record<string, Texts>): Record<string, Messages>;
