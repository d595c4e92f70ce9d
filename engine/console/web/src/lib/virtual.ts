// SPDX-License-Identifier: Apache-2.0
// Of a long list only what is in view is in the page: virtual-core for Preact.
//
//   const list = useVirtual(items.length, 112);
//   <div ref={list.scroll}> <ul style={{ height: `${list.height}px` }}> {list.rows.map((row) => ... row.index, row.start)}
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

export interface Virtual {
  scroll: RefObject<HTMLDivElement | null>;
  height: number;
  rows: VirtualItem[];
}

export function useVirtual(count: number, size: number): Virtual {
  const scroll = useRef<HTMLDivElement>(null);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => size,
    overscan: 4,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => again(0),
  };
  const [list] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  list.setOptions(options);
  useEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return { scroll, height: list.getTotalSize(), rows: list.getVirtualItems() };
}
