# comment
	echo
