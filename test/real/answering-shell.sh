#!/bin/sh
# In place of a shell that make calls as `SHELL -c COMMAND`: runs nothing but `pwd`.
case $2 in
pwd) pwd ;;
*[!A-Za-z0-9_./\&\;\ -]*) echo 1 ;;
cd\ *\ pwd) directory=${2#cd }; cd "${directory%%[ ;]*}" && pwd ;;
*) echo 1 ;;
esac
