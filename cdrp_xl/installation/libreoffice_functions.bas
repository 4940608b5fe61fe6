Option Explicit

' Written by  cdrp-xl libreoffice install , and taken away by  cdrp-xl libreoffice uninstall . The worksheet functions
' of cdrp-xl: they ask a Python that is started when a formula first asks, and ends with LibreOffice. Without Option
' VBASupport, under which a formula's cells would come as objects and not as what they hold.

Private Const INTERPRETER = "{interpreter}"
Private Const PACKAGES = "{packages}"
Private Const PARTNERSHIP = "{partnership}"
Private Const SECONDS_TO_START = 30

Global cdrpDesk As Object
{functions}
' What a formula shows: an answer, or a sentence that says why there is none.
Private Function Asked(question)
    Dim indexes(), out(), reply
    On Error GoTo Gone
    If IsNull(cdrpDesk) Then
        cdrpDesk = FoundDesk()
    End If
    If IsNull(cdrpDesk) Then
        Asked = "Python could not be started for the worksheet functions. Run cdrp-xl doctor to see why."
        Exit Function
    End If
    reply = cdrpDesk.invoke(question, indexes, out)
    If IsArray(reply) Then
        Asked = Grid(reply)
    Else
        Asked = reply
    End If
    Exit Function
Gone:
    cdrpDesk = Nothing
    Asked = "The worksheet functions were interrupted. Recalculate with Ctrl+Shift+F9."
End Function

' The desk of the Python that answers: of one that runs already, else of one started now.
Private Function FoundDesk() As Object
    Dim script As String, waited As Long, found As Object
    found = Resolved()
    If IsNull(found) Then
        script = PACKAGES & "/cdrp_xl/function_server.py"
        If FileExists(ConvertToUrl(INTERPRETER)) And FileExists(ConvertToUrl(script)) Then
            ' -E and -P: what LibreOffice and the script's folder would put before Python's own modules stays out.
            Shell Quoted(INTERPRETER), 0, "-E -P " & Quoted(script) & " " & Pipe(), False
            Do While IsNull(found) And waited < SECONDS_TO_START * 20
                Wait 50
                found = Resolved()
                waited = waited + 1
            Loop
        End If
    End If
    FoundDesk = found
End Function

Private Function Resolved() As Object
    On Error Resume Next
    Resolved = CreateUnoService("com.sun.star.bridge.UnoUrlResolver").resolve("uno:pipe,name=" & Pipe() & ";urp;functions")
End Function

' One pipe to a profile, since two LibreOffices of one user may run with two.
Private Function Pipe() As String
    Dim profile As String, i As Long, sum As Long
    profile = CreateUnoService("com.sun.star.util.PathSubstitution").substituteVariables("$(user)", True)
    For i = 1 To Len(profile)
        sum = (sum * 31 + Asc(Mid(profile, i, 1))) Mod 60000000
    Next i
    Pipe = "cdrp_xl_functions_" & sum
End Function

' Every open workbook, by what it names for its partnership and by its path, the one in front before the others. A
' formula is not told its own.
Private Function Workbooks()
    Dim books(), front As Object, book As Object, components As Object
    On Error Resume Next
    front = ThisComponent
    If IsWorkbook(front) Then books = Array(Array(Named(front), PathOf(front)))
    components = StarDesktop.Components.createEnumeration()
    Do While components.hasMoreElements()
        book = components.nextElement()
        If IsWorkbook(book) And Not EqualUnoObjects(book, front) Then
            ReDim Preserve books(UBound(books) + 1)
            books(UBound(books)) = Array(Named(book), PathOf(book))
        End If
    Loop
    Workbooks = books
End Function

Private Function IsWorkbook(component) As Boolean
    On Error Resume Next
    IsWorkbook = False
    IsWorkbook = HasUnoInterfaces(component, "com.sun.star.sheet.XSpreadsheetDocument")
End Function

Private Function PathOf(book As Object) As String
    On Error Resume Next
    PathOf = ""
    If book.URL <> "" Then PathOf = ConvertFromUrl(book.URL)
End Function

Private Function Named(book As Object) As String
    On Error Resume Next
    Named = ""
    If book.NamedRanges.hasByName(PARTNERSHIP) Then
        Named = book.NamedRanges.getByName(PARTNERSHIP).getReferredCells().getCellByPosition(0, 0).String
    End If
End Function

Private Function Grid(rows)
    Dim i As Long, j As Long
    Dim cells(0 To UBound(rows), 0 To UBound(rows(0)))
    For i = 0 To UBound(rows)
        For j = 0 To UBound(rows(0))
            cells(i, j) = rows(i)(j)
        Next j
    Next i
    Grid = cells
End Function

Private Function Quoted(part As String) As String
    Quoted = Chr(34) & part & Chr(34)
End Function
