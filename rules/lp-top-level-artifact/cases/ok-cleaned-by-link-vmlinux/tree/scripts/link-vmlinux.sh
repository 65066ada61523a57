#!/bin/sh
cleanup()
{
	rm -f Symbols.list
}
